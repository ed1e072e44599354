package io.viewkeeper.refresher;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.SchemaVersion;
import io.viewkeeper.schema.log.Trouble;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Nothing is begun in a database whose schema version this service does not know. */
@Singleton
class SchemaGate {
    private static final Logger LOG = Logger.getLogger(SchemaGate.class);

    private final Database database;
    private volatile boolean open;
    private final Trouble trouble = new Trouble();

    SchemaGate(Database database) {
        this.database = database;
    }

    /** Why not to work; asked of the database until there is no reason left. */
    Optional<String> objection() {
        if (open) {
            return Optional.empty();
        }
        Optional<String> objection = SchemaVersion.objection(database);
        objection.filter(_ -> trouble.isWorthALine()).ifPresent(text -> LOG.warnf("state=waiting reason=%s", text));
        open = objection.isEmpty();
        return objection;
    }
}
