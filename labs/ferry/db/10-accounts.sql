\set password `cat /run/secrets/accounts-db-password`
CREATE ROLE accounts LOGIN PASSWORD :'password';
CREATE DATABASE accounts;
REVOKE ALL ON DATABASE accounts FROM PUBLIC;
GRANT CONNECT ON DATABASE accounts TO accounts;
\connect accounts
CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  email text NOT NULL UNIQUE,
  password text NOT NULL,
  role text NOT NULL DEFAULT 'customer' CHECK (role IN ('customer', 'support', 'admin')),
  since timestamptz NOT NULL DEFAULT now()
);
-- Users register themselves; only a migration makes an administrator.
GRANT SELECT, INSERT (email, password) ON users TO accounts;
