// Step 10: sets the flag in the author's file and nothing else, unless the author changed the file meanwhile.
import { setFlag } from '../article/flag.ts';
import { WxsyncError } from '../errors.ts';
import { LIMITS } from '../facts/limits.ts';
import { sha256 } from '../local/cache.ts';
import { errorCode, readRegularFile, writeFileAtomic } from '../local/files.ts';

/**
 * Returns the flag as it now is; null for a post without front matter, which is left alone.
 * Throws `file-changed` when the bytes are not those that were read, `flag-not-written` when they cannot be written.
 */
export async function flipFlag(
  file: string,
  read: { readonly bytes: Uint8Array; readonly sha256: string; readonly mediaId: string },
): Promise<boolean | null> {
  const change = setFlag(read.bytes, true);
  if (!change.ok) return null;
  const now = readRegularFile(file, LIMITS.postFile.value);
  if (now.kind !== 'ok' || sha256(now.bytes) !== read.sha256) throw new WxsyncError('file-changed', {});
  if (change.bytes === read.bytes) return true;
  try {
    await writeFileAtomic(file, change.bytes, { link: 'follow' });
  } catch (error) {
    throw new WxsyncError('flag-not-written', {
      args: { mediaId: read.mediaId, detail: errorCode(error) },
      cause: error,
    });
  }
  return true;
}
