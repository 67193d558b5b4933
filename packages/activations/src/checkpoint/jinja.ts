import { Environment, Interpreter, Template } from '@huggingface/jinja';

/** The message with which a template called `raise_exception`. */
export class TemplateRefusal extends Error {}

/**
 * Reads a Jinja template, with line endings as Python reads them, to be rendered with `values` and the other names that
 * chat templates may use: `range`, `raise_exception` and, if `now` is given, `strftime_now`. Both throw an `Error` for a
 * faulty template; rendering throws `TemplateRefusal`.
 */
export function compileJinja(
  source: string,
): (values: Readonly<Record<string, unknown>>, now?: Date) => string {
  const { parsed } = new Template(source.replaceAll(/\r\n?/g, '\n'));
  return (values, now) => render(parsed, values, now);
}

function render(
  parsed: Template['parsed'],
  values: Readonly<Record<string, unknown>>,
  now?: Date,
): string {
  const environment = new Environment();
  const globals = {
    ...{ true: true, false: false, none: null, True: true, False: false, None: null },
    range,
    raise_exception: (reason: unknown) => {
      throw new TemplateRefusal(String(reason));
    },
    ...(now && { strftime_now: (format: string) => strftime(now, format) }),
  };
  // A template may be given a value under a global's name, which then takes precedence.
  for (const [name, value] of Object.entries({ ...globals, ...values })) {
    environment.set(name, value);
  }
  return (new Interpreter(environment).run(parsed) as { readonly value: string }).value;
}

function range(first: number, end?: number, step = 1): number[] {
  const [start, stop] = end === undefined ? [0, first] : [first, end];
  const length = step === 0 ? 0 : Math.max(0, Math.ceil((stop - start) / step));
  return Array.from({ length }, (_, i) => start + i * step);
}

function strftime(date: Date, format: string): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const month = (style: 'short' | 'long'): string =>
    new Intl.DateTimeFormat('en-US', { month: style }).format(date);
  const weekday = (style: 'short' | 'long'): string =>
    new Intl.DateTimeFormat('en-US', { weekday: style }).format(date);
  const fields: Readonly<Record<string, () => string>> = {
    '%Y': () => String(date.getFullYear()),
    '%y': () => two(date.getFullYear() % 100),
    '%m': () => two(date.getMonth() + 1),
    '%d': () => two(date.getDate()),
    '%e': () => String(date.getDate()).padStart(2),
    '%b': () => month('short'),
    '%B': () => month('long'),
    '%a': () => weekday('short'),
    '%A': () => weekday('long'),
    '%H': () => two(date.getHours()),
    '%I': () => two(date.getHours() % 12 || 12),
    '%p': () => (date.getHours() < 12 ? 'AM' : 'PM'),
    '%M': () => two(date.getMinutes()),
    '%S': () => two(date.getSeconds()),
    '%%': () => '%',
  };
  return format.replaceAll(/%[-#]?./g, (field) => {
    const value = fields[field.replace(/[-#](?=.)/, '')]?.();
    if (value === undefined) throw new Error(`it writes the time as ${field}`);
    return field.length > 2 ? value.replace(/^0+(?=\d)/, '') : value;
  });
}
