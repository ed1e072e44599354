// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.gateway;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.SchemaVersion;
import io.viewkeeper.schema.log.Trouble;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Nothing is begun in a database whose schema version this service does not know, and no more after it was migrated to one. */
@Singleton
public class SchemaGate {
    private static final Logger LOG = Logger.getLogger(SchemaGate.class);
    private static final Duration KNOWN_FOR = Duration.ofSeconds(10);

    private final Database database;
    private final Duration knownFor;
    private final Trouble trouble = new Trouble();
    private volatile boolean open;
    private volatile long asked;

    @Inject
    SchemaGate(Database database) {
        this(database, KNOWN_FOR);
    }

    /** @param knownFor how long nothing is asked after there was no reason */
    public SchemaGate(Database database, Duration knownFor) {
        this.database = database;
        this.knownFor = knownFor;
    }

    /** Why not to work; asked of the database each time until there is no reason left, and then every few seconds. */
    public Optional<String> objection() {
        if (open && System.nanoTime() - asked < knownFor.toNanos()) {
            return Optional.empty();
        }
        Optional<String> objection = open ? mismatch() : SchemaVersion.objection(database);
        asked = System.nanoTime();
        open = objection.isEmpty();
        if (open) {
            if (trouble.endIsWorthALine()) {
                LOG.info("state=recovered");
            }
        } else if (trouble.isWorthALine()) {
            LOG.warnf("state=waiting reason=%s", objection.get());
        }
        return objection;
    }

    /** While the database cannot be asked, its version is the one that it had. */
    private Optional<String> mismatch() {
        try {
            return SchemaVersion.mismatch(database);
        } catch (DatabaseException unreachable) {
            return Optional.empty();
        }
    }
}
