deallocate all;
set plan_cache_mode = force_generic_plan;
prepare fact (int) as select value from reported_facts where id = $1;
execute fact (42);
execute fact (42);
