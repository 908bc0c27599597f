export * from './compose.ts';
export * from './errors.ts';
export * from './http.ts';
export * from './names.ts';
export * from './scenario.ts';
export * from './terminal.ts';
export * from './verdict.ts';
