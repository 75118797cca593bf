CREATE TABLE visit (at timestamptz NOT NULL DEFAULT now());
