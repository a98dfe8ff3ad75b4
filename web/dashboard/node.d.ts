// What the tests use of Node.js. The pages run in browsers and must not see the rest of it.
declare module "node:test" {
  export function test(name: string, body: () => void | Promise<void>): void;
}

declare module "node:assert/strict" {
  const assert: {
    (value: unknown, message?: string): asserts value;
    equal<T>(actual: T, expected: T, message?: string): void;
    deepEqual<T>(actual: T, expected: T, message?: string): void;
    throws(body: () => unknown, expected?: RegExp): void;
    rejects(body: () => Promise<unknown>, expected?: RegExp): Promise<void>;
    match(actual: string, expected: RegExp): void;
  };
  export default assert;
}
