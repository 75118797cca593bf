CREATE TABLE product (name text PRIMARY KEY, price numeric NOT NULL);
