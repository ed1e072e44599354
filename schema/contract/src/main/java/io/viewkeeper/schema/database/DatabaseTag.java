package io.viewkeeper.schema.database;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Every meter of ours says of which database it tells: one Prometheus may look at several installations. */
@Singleton
public class DatabaseTag implements MeterFilter {
    private final String database;

    DatabaseTag(@ConfigProperty(name = DatabaseUrl.NAME) Optional<String> url) {
        database = url.map(DatabaseTag::nameIn).orElse("");
    }

    /** The name of the database in a connection URL; empty where there is none. */
    public static String nameIn(String url) {
        String address = url.replaceFirst("\\?.*", "").replaceFirst("^[^/]*//", "");
        int slash = address.indexOf('/');
        return slash < 0 ? "" : address.substring(slash + 1);
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        return id.getName().startsWith("viewkeeper") ? id.withTag(Tag.of("database", database)) : id;
    }
}
