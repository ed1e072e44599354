package io.viewkeeper.refresher.refresh;

import io.viewkeeper.refresher.schedule.ViewPolicy;
import io.viewkeeper.schema.event.ViewName;

/** A view that the database says is due, with the policy that this instance's settings give it. */
record DueView(ViewName view, ViewPolicy policy) {}
