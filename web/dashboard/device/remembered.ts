// Work that is done again only for another argument: the page is drawn each second, and thousands of reports are the same.
export function remembered<Argument, Result>(work: (argument: Argument) => Result): (argument: Argument) => Result {
  let last: { argument: Argument; result: Result } | null = null;
  return (argument) => {
    if (last === null || last.argument !== argument) last = { argument, result: work(argument) };
    return last.result;
  };
}
