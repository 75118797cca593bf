ALTER TABLE users ADD COLUMN email TEXT;
CREATE TRIGGER users_email AFTER INSERT ON users BEGIN
	UPDATE users SET email = name || '@example.org' WHERE id = new.id;
	SELECT 1;
END;
