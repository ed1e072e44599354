/** One refresh from lock to outcome, its history, and the loop that finds what is due. Does not belong here: Kafka, HTTP. */
@NullMarked
package io.viewkeeper.refresher.refresh;

import org.jspecify.annotations.NullMarked;
