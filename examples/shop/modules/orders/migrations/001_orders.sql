CREATE TABLE orders (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	product integer NOT NULL REFERENCES products (id),
	amount integer NOT NULL CHECK (amount > 0),
	placed timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION place(wanted text, amount integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	number bigint;
BEGIN
	INSERT INTO orders (product, amount)
		SELECT products.id, place.amount FROM products WHERE products.name = wanted
		RETURNING orders.id INTO number;
	RETURN number;
END;
$$;

SELECT place('lamp', 2);
