// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.demo;

import io.viewkeeper.sandbox.launcher.process.OperatorToken;
import io.viewkeeper.sandbox.launcher.process.RunningService;
import io.viewkeeper.sandbox.launcher.process.Surroundings;
import io.viewkeeper.sandbox.server.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code connection.env}: where everything answers, as {@code KEY=value} lines for other tools. It holds passwords. */
final class ConnectionFile {
    private ConnectionFile() {}

    static Map<String, String> lines(Surroundings surroundings, List<RunningService> services, OperatorToken operator) {
        var lines = new LinkedHashMap<String, String>();
        var database = surroundings.database();
        lines.put("POSTGRES_URL", database.libpqUrl(Role.OWNER));
        lines.put("POSTGRES_URL_REFRESHER", database.libpqUrl(Role.REFRESHER));
        lines.put("POSTGRES_URL_OPTIMIZER", database.libpqUrl(Role.OPTIMIZER));
        lines.put("POSTGRES_URL_METRICS", database.libpqUrl(Role.METRICS));
        lines.put("KAFKA_BOOTSTRAP_SERVERS", surroundings.bootstrapServers());
        for (var service : services) {
            lines.put(service.kind().name() + "_URL", service.url());
        }
        for (var service : services) {
            lines.put(service.kind().name() + "_MANAGEMENT_URL", service.managementUrl());
        }
        lines.put("OPERATOR_TOKEN", operator.token());
        return lines;
    }

    /** Writes the file in one piece, so that who waits for it never reads half of it; only its owner may read it. */
    static void write(Path file, Map<String, String> lines) throws IOException {
        var unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        Files.createFile(
                unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(
                unfinished,
                lines.entrySet().stream()
                        .map(line -> line.getKey() + "=" + line.getValue())
                        .toList());
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
