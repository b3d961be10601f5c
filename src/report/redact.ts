// Keeps live secrets out of everything that is printed, in each form in which they could appear.

export interface Redactor {
  /** Makes a value secret from now on; values under six characters would hide half the output and are left out. */
  add(secret: string): void;
  /** Lets a value be shown again: one that opens nothing but our own sandbox. */
  forget(secret: string): void;
  clean(text: string): string;
}

const MASK = '***';
const SHORTEST = 6;

export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  let forms: readonly string[] = [];
  const update = () => {
    // The longest first, so that no shorter form leaves the rest of a longer one.
    forms = [...new Set([...secrets].flatMap(formsOf))].sort((a, b) => b.length - a.length);
  };
  return {
    add(secret) {
      if (secret.length < SHORTEST || secrets.has(secret)) return;
      secrets.add(secret);
      update();
    },
    forget(secret) {
      if (secrets.delete(secret)) update();
    },
    clean(text) {
      const cleaned = forms.reduce((left, form) => left.replaceAll(form, MASK), text);
      return cleaned.replace(/\b(access_token|secret|appsecret)=[^&\s"'<>]+/gi, `$1=${MASK}`);
    },
  };
}

/** As it is, in JSON, in a URL and in a form (hexadecimals in either case), in base64 alone and within a longer text. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  const inUrls = [encodeURIComponent(bytes.toString()), form];
  const lower = inUrls.map((text) => text.replace(/%../g, (hex) => hex.toLowerCase()));
  const base64 = [0, 1, 2].flatMap((before) => {
    // What stands before and after shares a character at each end; those between are the secret's alone.
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64url');
    const own = text.slice(Math.ceil((before * 4) / 3), Math.floor(((before + bytes.length) * 4) / 3));
    return [own, own.replaceAll('-', '+').replaceAll('_', '/')];
  });
  const whole = bytes.toString('base64');
  return [secret, JSON.stringify(secret).slice(1, -1), ...inUrls, ...lower, ...base64, whole, bytes.toString('hex')];
}
