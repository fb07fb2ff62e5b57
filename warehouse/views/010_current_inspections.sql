-- One row per inspected interaction: the inspection by the plan that came into force last.
CREATE OR REPLACE VIEW current_inspections AS
SELECT interaction_id, best.plan AS plan, best.engine AS engine
FROM (
    SELECT
        i.interaction_id,
        max(struct_pack(place := p.place, plan := i.plan, engine := i.engine)) AS best
    FROM inspections i JOIN plans p USING (plan)
    GROUP BY i.interaction_id
) one;
