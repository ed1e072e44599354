// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.start;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.logging.Handler;
import java.util.logging.Logger;

/** Has the service's log written by {@link OneLineFormatter}, before anything is read that others wrote. */
@Singleton
class LogLines {
    void start(@Observes @Priority(-3) StartupEvent event) {
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            OneLineFormatter.install(handler);
        }
    }
}
