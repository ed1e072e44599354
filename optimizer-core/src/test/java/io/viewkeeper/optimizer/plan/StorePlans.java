// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/**
 * Stores what a server plans for the statements of {@link Corpus}, a half of them for each version. Arguments: the JDBC URL of
 * a superuser in an empty database of the server (with preferQueryMode=simple), and src/test/resources/plans.
 */
final class StorePlans {
    private static final int SHARES = 2;

    private StorePlans() {}

    public static void main(String[] arguments) throws SQLException, IOException {
        var json = new ObjectMapper();
        try (var connection = DriverManager.getConnection(arguments[0])) {
            int major = connection.getMetaData().getDatabaseMajorVersion();
            Corpus.setUp(connection);
            Path directory = Files.createDirectories(Path.of(arguments[1], "pg" + major));
            List<Corpus.Entry> entries = Corpus.entries();
            for (int i = 0; i < entries.size(); i++) {
                Corpus.Entry entry = entries.get(i);
                boolean chosen = i % SHARES == major % SHARES || entry.since() > 10;
                if (chosen && major >= entry.since()) {
                    String plan = Corpus.explain(connection, entry);
                    Files.writeString(
                            directory.resolve(entry.name().replace(' ', '-') + ".json"), json.readTree(plan) + "\n");
                }
            }
        }
    }
}
