console.log('bench: measures nothing yet.');
console.log('To come: requests per second and memory against bare Node, cold start per entry point.');
export {};
