// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.start;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The name of this replica in logs, history and events: as it is set, or else its host and process. */
@Singleton
public final class Instance {
    private final String name;

    @Inject
    Instance(@ConfigProperty(name = "viewkeeper.instance") Optional<String> configured) {
        this(configured.orElseGet(() -> host() + "-" + ProcessHandle.current().pid()));
    }

    public Instance(String name) {
        this.name = name;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }

    public String name() {
        return name;
    }
}
