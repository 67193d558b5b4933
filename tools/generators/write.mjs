import { fileURLToPath } from 'node:url';
import devkit from '@nx/devkit';

/** The name as a file, a value and a type have it: `most-active`, `mostActive`, `MostActive`; as config.json has it: `most_active`. */
export function namesOf({ name }) {
  const { fileName, propertyName, className } = devkit.names(name);
  return {
    name: fileName,
    value: propertyName,
    type: className,
    snake: fileName.replaceAll('-', '_'),
  };
}

/** Writes the files of a folder of templates, in which `__name__` and `<%= value %>` stand for the names. */
export function writeTemplates(tree, templates, target, names) {
  const from = fileURLToPath(new URL(`templates/${templates}`, import.meta.url));
  devkit.generateFiles(tree, from, target, { ...names, tmpl: '' });
}

/** Puts lines into a file, after or before the first place that reads so. Throws where the file does not. */
export function insert(tree, file, { after = '', before = '' }, lines) {
  const text = tree.read(file, 'utf8');
  const found = text?.indexOf(after || before) ?? -1;
  if (found < 0) throw new Error(`${file} has no ${JSON.stringify(after || before)} any more`);
  const at = found + after.length;
  tree.write(file, text.slice(0, at) + lines + text.slice(at));
}

/** Formats what was changed, as the repository does. */
export const format = (tree) => devkit.formatFiles(tree, { sortRootPackageJsonScripts: false });
