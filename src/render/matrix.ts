// The transforms of SVG as matrices: read, joined, and laid on a point; knows no element.
import { type Point, toNumbers, UnknownShape } from './path-data.ts';

export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

const NO_CHANGE: Matrix = [1, 0, 0, 1, 0, 0];

/** The transforms of an attribute, one after the other. Throws `UnknownShape` for one that MathJax does not write. */
export function toMatrix(transform: string): Matrix {
  return [...transform.matchAll(/(\w+)\s*\(([^)]*)\)/g)].reduce<Matrix>((matrix, [, name, inside = '']) => {
    const [a = 0, b, c = 0, d = 0, e = 0, f = 0] = toNumbers(inside);
    switch (name) {
      case 'translate':
        return multiply(matrix, [1, 0, 0, 1, a, b ?? 0]);
      case 'scale':
        return multiply(matrix, [a, 0, 0, b ?? a, 0, 0]);
      case 'matrix':
        return multiply(matrix, [a, b ?? 0, c, d, e, f]);
      case 'rotate': {
        const [sin, cos] = [Math.sin((a * Math.PI) / 180), Math.cos((a * Math.PI) / 180)];
        return multiply(matrix, [cos, sin, -sin, cos, 0, 0]);
      }
      default:
        throw new UnknownShape(`${name}()`);
    }
  }, NO_CHANGE);
}

/** First the second, then the first. */
export function multiply([a, b, c, d, e, f]: Matrix, [g, h, i, j, k, l]: Matrix): Matrix {
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}

/** Of a stretch, which neither turns nor leans. */
export function invert([a, , , d, e, f]: Matrix): Matrix {
  return [1 / a, 0, 0, 1 / d, -e / a, -f / d];
}

export function move([a, b, c, d, e, f]: Matrix, [x, y]: Point): Point {
  return [a * x + c * y + e, b * x + d * y + f];
}
