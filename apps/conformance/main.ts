console.log('conformance: runs nothing yet.');
console.log(
  'To come: a client and a server for the official conformance suite, with a file of expected failures.',
);
export {};
