/** Middleware that servers put around their calls with `use`. */
export { caching, type CachingOptions } from './middleware/caching.ts';
export { errorNormalisation, type ErrorNormalisationOptions } from './middleware/error-normalisation.ts';
export { logging, timing, type CallReport, type LoggingOptions } from './middleware/logging.ts';
export { rateLimit, type RateLimitOptions } from './middleware/rate-limit.ts';
export { responseLimit, type ResponseLimitOptions } from './middleware/response-limit.ts';
export { retry, type RetryOptions } from './middleware/retry.ts';
export { timeout, type TimeoutOptions } from './middleware/timeout.ts';
