import { authScenarios } from './client/auth-scenarios.ts';
import { scenarios } from './client/scenarios.ts';
import { visitFrom } from './client/visit.ts';

const visit = visitFrom(process.argv.slice(2), process.env);
const scenario = scenarios.get(visit.scenario) ?? authScenarios.get(visit.scenario);
if (!scenario) {
  process.stderr.write(
    `There is no scenario ${visit.scenario}; known are ${[...scenarios.keys(), ...authScenarios.keys()].join(', ')}\n`,
  );
  process.exit(2);
}
await scenario(visit);
