select value from reported_facts where id = 42;
