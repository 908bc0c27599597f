import { readFileSync } from 'node:fs';
import pg from 'pg';
import { hashPassword, passwordMatches } from './passwords.ts';

export interface User {
  readonly id: string;
  readonly role: string;
}

/** The users table of the database `accounts`, with the role `accounts`. */
export function openUsers() {
  const pool = new pg.Pool({
    host: process.env.DATABASE_HOST ?? 'db',
    database: 'accounts',
    user: 'accounts',
    password: readFileSync('/run/secrets/accounts-db-password', 'utf8').trim(),
    max: 5,
    connectionTimeoutMillis: 2000,
  });
  // A connection lost while idle is replaced at the next query; without a listener it would end the process.
  pool.on('error', (error) => console.error(`database: ${error.message}`));
  // A wrong address must cost as much time as a wrong password.
  const nobody = hashPassword('nobody');
  return {
    ping: () => pool.query('SELECT 1'),

    /** The new user's id, or null when the address is taken. */
    async add(email: string, password: string): Promise<string | null> {
      const hash = await hashPassword(password);
      const { rows } = await pool.query<{ id: string }>(
        'INSERT INTO users (email, password) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id',
        [email, hash],
      );
      return rows[0]?.id ?? null;
    },

    async check(email: string, password: string): Promise<User | null> {
      const { rows } = await pool.query<User & { password: string }>(
        'SELECT id, role, password FROM users WHERE email = $1',
        [email],
      );
      const [user] = rows;
      const matches = await passwordMatches(password, user?.password ?? (await nobody));
      return user && matches ? { id: user.id, role: user.role } : null;
    },
  };
}
