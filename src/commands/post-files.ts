// The posts that a command's paths mean, each with the place and config of its own folder; every command finds them alike.
import { dirname } from 'node:path';
import { toPosixPath } from '../local/project.ts';
import type { PostFile } from '../publish/read.ts';
import { selectPosts } from '../publish/select.ts';
import type { Surroundings } from './globals.ts';

/** Throws `path-missing` for a named path that is not there. */
export async function findPosts(paths: readonly string[], around: Surroundings): Promise<readonly PostFile[]> {
  const { cwd, place, config } = around;
  const candidates = await selectPosts(paths, { cwd, root: place.root, config });
  const posts = candidates.map(async ({ file, named }): Promise<PostFile> => {
    const project = await around.projectOf(dirname(file));
    return { file, named, path: toPosixPath(project.place.home, file), ...project };
  });
  return Promise.all(posts);
}
