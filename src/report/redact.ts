// Keeps live secrets out of everything that is printed, in each form in which they could appear.

export interface Redactor {
  /** Makes a value secret from now on; values under six characters would hide half the output and are left out. */
  add(secret: string): void;
  clean(text: string): string;
}

const MASK = '***';
const SHORTEST = 6;

export function createRedactor(): Redactor {
  const forms = new Set<string>();
  return {
    add(secret) {
      if (secret.length < SHORTEST) return;
      const json = JSON.stringify(secret).slice(1, -1);
      const base64 = Buffer.from(secret).toString('base64');
      const hex = Buffer.from(secret).toString('hex');
      for (const form of [secret, encodeURIComponent(secret), json, base64, base64.replace(/=+$/, ''), hex])
        forms.add(form);
    },
    clean(text) {
      let cleaned = text;
      // The longest first, so that no shorter form leaves the rest of a longer one.
      for (const form of [...forms].sort((a, b) => b.length - a.length)) cleaned = cleaned.replaceAll(form, MASK);
      return cleaned.replace(/\b(access_token|secret|appsecret)=[^&\s"'<>]+/gi, `$1=${MASK}`);
    },
  };
}
