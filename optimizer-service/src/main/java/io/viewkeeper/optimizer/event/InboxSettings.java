// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.event;

import io.smallrye.config.ConfigMapping;
import java.time.Duration;

/** See application.properties for what each does. */
@ConfigMapping(prefix = "viewkeeper.optimizer.inbox")
interface InboxSettings {
    Duration retryDelay();

    Duration maxRetryDelay();
}
