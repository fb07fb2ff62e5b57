-- The plan put in force last counts.
DELETE FROM plans WHERE plan IN (SELECT plan FROM incoming_plans);
INSERT INTO plans BY NAME SELECT * FROM incoming_plans;
