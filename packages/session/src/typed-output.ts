import { ProtocolError, type CallToolResult } from '@trunkline/protocol';

/** A schema of any library that follows Standard Schema. https://standardschema.dev */
export interface OutputSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => OutputVerdict<Output> | Promise<OutputVerdict<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

/** What a schema makes of a value. */
export type OutputVerdict<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] };

/** A tool's result whose structured content is what the caller's schema makes of it; `undefined` where the tool failed. */
export type TypedResult<Output> = Omit<CallToolResult, 'structuredContent'> & {
  structuredContent: Output | undefined;
};

/** Types a result. Rejects with `unexpected-shape` if its structured content is not what the schema wants. */
export async function typedBy<Output>(
  name: string,
  result: CallToolResult,
  schema: OutputSchema<Output>,
): Promise<TypedResult<Output>> {
  if (result.isError) return { ...result, structuredContent: undefined };
  const verdict = await schema['~standard'].validate(result.structuredContent);
  if (!verdict.issues) return { ...result, structuredContent: verdict.value };
  const issues = verdict.issues.map(({ message }) => message).join('; ');
  throw new ProtocolError(
    'unexpected-shape',
    `${name}: the structured content is not what was wanted: ${issues}`,
  );
}
