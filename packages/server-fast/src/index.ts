// For users.
export { createServer } from './server.ts';
export type { FastServer, Prefixed, ToolsOf } from './server.ts';
export type { FastServerOptions } from './server-options.ts';
export { serve } from './serve.ts';
export type { Servable, Serving } from './serve.ts';
export { ToolError, isToolError } from './tool-error.ts';
export type { ToolErrorOptions } from './tool-error.ts';
export { DefinitionError, isDefinitionError } from './definition-error.ts';
export type { DefinitionErrorCode } from './definition-error.ts';
export type { NoArguments, ToolDetails, ToolHandler, ToolOptions, ToolReturn, ToolTypes } from './tool.ts';
export type { ResourceHandler, ResourceOptions, ResourceReturn } from './resource.ts';
export type { PromptHandler, PromptOptions, PromptReturn } from './prompt.ts';
export type { Details, ResourceDetails, ResourceTemplateDetails } from './details.ts';
export type { Entries } from './catalogue.ts';
export type { ResourceTemplateHandler, ResourceTemplateOptions } from './resource-template.ts';
export type { Context } from './context.ts';
export type { State } from './state.ts';
export type { Completer, Suggestions } from './completion.ts';
export type { Call, Middleware, Next, PromptCall, ResourceCall, ToolCall } from './call.ts';
export type { Extension, ExtensionHandler } from './extension.ts';
export type { MountOptions, Transform } from './mount.ts';
export type { Access, Allow, Offer, Run } from './offer.ts';
export type { VariablesOf } from './uri-template/variables.ts';
// For authors of schemas and validators.
export type { AnySchema, InputOf, JsonSchemaLiteral, OutputOf, StandardSchema } from './schema/types.ts';
export type { FromJsonSchema } from './schema/from-json-schema.ts';
export type { Validator } from './schema/json-validator.ts';
export type { Issue } from './schema/issues.ts';
