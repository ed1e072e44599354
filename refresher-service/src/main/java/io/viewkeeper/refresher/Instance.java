package io.viewkeeper.refresher;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** The name of this replica in logs, history and events. */
final class Instance {
    private Instance() {}

    static String name(Optional<String> configured) {
        return configured.orElseGet(() -> host() + "-" + ProcessHandle.current().pid());
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "refresher";
        }
    }
}
