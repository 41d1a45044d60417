/**
 * Reads `--name value`, `--name=value` and bare flags.
 * @param {string[]} args
 * @param {{ flags: string[], values: string[] }} known
 * @returns {Record<string, string | true>}
 * @throws {Error} with `exitCode` 2 for anything else
 */
export function readOptions(args, known) {
  const options = {};
  for (let index = 0; index < args.length; index += 1) {
    const match = /^--([a-z-]+)(?:=(.*))?$/s.exec(args[index]);
    const name = match?.[1];
    if (known.flags.includes(name) && match[2] === undefined) options[name] = true;
    else if (known.values.includes(name)) {
      const value = match[2] ?? args[(index += 1)];
      if (value === undefined) throw wrongUse(`--${name} needs a value.`);
      options[name] = value;
    } else {
      const all = [...known.flags, ...known.values].map((option) => `--${option}`).join(', ');
      throw wrongUse(`${args[index]} is not an option. There are: ${all}.`);
    }
  }
  return options;
}

/** An error that ends a command with exit code 2: wrong use or something missing. */
export const wrongUse = (message) => Object.assign(new Error(message), { exitCode: 2 });

/** Runs a command; an error that carries an `exitCode` is a message for people, any other is shown whole. */
export async function main(command) {
  try {
    process.exitCode = await command();
  } catch (error) {
    console.error(error.exitCode === undefined ? error : error.message);
    process.exitCode = error.exitCode ?? 1;
  }
}
