/** What only Node has: files, the environment, and the context of whatever call is running. */
export { ambientContext, getContext } from './node/ambient-context.ts';
export { audioFile, fileFrom, imageFile, insideOf, type FromFileOptions } from './node/files.ts';
export { settingsFrom, SETTINGS, type Setting, type Settings } from './node/settings.ts';
