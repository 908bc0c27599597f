import { memoryEngine } from '../../runner/engine/memory/memory-engine.ts';
import { engineSuite } from '../suites/engine-suite.ts';

const image = 'drydock/base:test';
engineSuite('the in-memory engine', { engine: memoryEngine({ images: [image] }), image });
