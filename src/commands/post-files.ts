// The posts that a command's paths mean, each with the place and config of its own folder; every command finds them alike.
import { dirname } from 'node:path';
import { toPosixPath } from '../local/project.ts';
import type { PostFile } from '../publish/read.ts';
import { type Candidate, selectPosts } from '../publish/select.ts';
import { printWarning } from '../report/publish-report.ts';
import { say } from '../report/words.ts';
import type { Surroundings } from './globals.ts';

/**
 * Throws `path-missing` for a named path that is not there. What a link out of the project leads to is left out with a warning
 * when it was only found; named, it belongs to the project that the link lies in, where reading refuses it.
 */
export async function findPosts(paths: readonly string[], around: Surroundings): Promise<readonly PostFile[]> {
  const { cwd, place, config, speaker } = around;
  const candidates = await selectPosts(paths, { cwd, root: place.root, config });
  const [taken, left] = [candidates.filter(isTaken), candidates.filter((each) => !isTaken(each))];
  if (left.length > 0) {
    const names = left.map(({ file }) => toPosixPath(place.home, file)).join(', ');
    printWarning(say('posts.outside', speaker.lang, { names }), speaker);
  }
  const posts = taken.map(async ({ file, named, link }): Promise<PostFile> => {
    const project = await around.projectOf(dirname(link ?? file));
    return { file, named, path: toPosixPath(project.place.home, file), ...project };
  });
  return Promise.all(posts);
}

function isTaken({ named, link }: Candidate): boolean {
  return named || link === null;
}
