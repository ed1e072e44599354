/** What is known of the way to Kafka. Belongs here: what more than one service asks of it. */
@NullMarked
package io.viewkeeper.schema.consumer;

import org.jspecify.annotations.NullMarked;
