-- no-transaction
CREATE INDEX CONCURRENTLY products_by_lower_name ON products (lower(name));
