/** The variables of a URI template that is known when it is compiled, with the type that each is read as. */
export type VariablesOf<Template extends string> = string extends Template
  ? { readonly [name: string]: string | string[] }
  : Flat<Expressions<Template>>;

type Flat<Variables> = { readonly [Name in keyof Variables]: Variables[Name] };

type Expressions<Template extends string> = Template extends `${string}{${infer Source}}${infer Rest}`
  ? Operation<Source> & Expressions<Rest>
  : unknown;

/** A variable that nothing stands before is always there. */
type Operation<Source extends string> = Source extends `+${infer Names}`
  ? Required<List<Names>>
  : Source extends `${'#' | '.' | '/' | ';' | '?' | '&'}${infer Names}`
    ? List<Names>
    : Required<List<Source>>;

type List<Names extends string> = Names extends `${infer Name},${infer Rest}`
  ? One<Name> & List<Rest>
  : One<Names>;

type One<Name extends string> = Name extends `${infer Base}*`
  ? { [Key in Base]: string[] }
  : Name extends `${infer Base}:${string}`
    ? { [Key in Base]?: string }
    : { [Key in Name]?: string };
