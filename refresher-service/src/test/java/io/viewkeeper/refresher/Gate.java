// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

/** Holds up the refresh of a view whose query calls {@link #call()}, for as long as a test has something to do. */
public record Gate(Workshop workshop, String name) {

    /** An open gate. */
    public static Gate in(Workshop workshop, String name) {
        // A sequence is seen as it is now, in whatever snapshot.
        workshop.asOwner("""
            create sequence w.%1$s;
            grant select on w.%1$s to viewkeeper_refresher;
            create function w.pass_%1$s() returns text language plpgsql as $$
              begin
                while (select is_called from w.%1$s) loop
                  perform pg_sleep(0.01);
                end loop;
                return 'open';
              end
            $$
            """.formatted(name));
        return new Gate(workshop, name);
    }

    /** For a query: returns a text once the gate is open. */
    public String call() {
        return "w.pass_" + name + "()";
    }

    public void close() {
        set(true);
    }

    public void open() {
        set(false);
    }

    private void set(boolean closed) {
        workshop.asOwner("select setval('w." + name + "', 1, " + closed + ")");
    }
}
