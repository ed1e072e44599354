package io.viewkeeper.schema.event;

/**
 * Name of a materialized view as pg_catalog spells it: case-sensitive, without quotes.
 *
 * @param schema {@code pg_namespace.nspname}
 * @param name {@code pg_class.relname}
 */
public record ViewName(String schema, String name) implements Comparable<ViewName> {
    public ViewName {
        if (schema.isEmpty() || name.isEmpty()) {
            throw new IllegalArgumentException("a view name needs a schema and a name");
        }
    }

    /** As an SQL identifier, whatever characters the name holds. The only way a name may enter a statement. */
    public String quoted() {
        return quote(schema) + "." + quote(name);
    }

    private static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    @Override
    public int compareTo(ViewName other) {
        int bySchema = schema.compareTo(other.schema);
        return bySchema != 0 ? bySchema : name.compareTo(other.name);
    }

    /** {@code schema.name}: the key of its records and the {@code ce_subject}. For people and keys, never for SQL. */
    @Override
    public String toString() {
        return schema + "." + name;
    }
}
