CREATE TABLE products (
	id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name text NOT NULL UNIQUE,
	price numeric(10, 2) NOT NULL CHECK (price >= 0)
);

INSERT INTO products (name, price) VALUES ('lamp', 39.50), ('table', 240.00);
