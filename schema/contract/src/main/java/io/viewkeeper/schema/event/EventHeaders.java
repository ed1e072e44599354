// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.event;

/**
 * Header names of the Kafka binding of CloudEvents 1.0 in binary mode, values being UTF-8 text. Source: CloudEvents
 * "Kafka Protocol Binding" 1.0.2, section 3.2.
 */
public final class EventHeaders {
    public static final String SPEC_VERSION = "ce_specversion";
    public static final String ID = "ce_id";
    public static final String SOURCE = "ce_source";
    public static final String TYPE = "ce_type";
    public static final String SUBJECT = "ce_subject";
    public static final String TIME = "ce_time";
    public static final String DATA_SCHEMA = "ce_dataschema";
    public static final String SEQUENCE = "ce_sequence";
    public static final String CONTENT_TYPE = "content-type";

    private EventHeaders() {}
}
