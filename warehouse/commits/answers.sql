-- Answers are added, never changed: the same one twice is one.
INSERT INTO answers BY NAME
    SELECT * FROM incoming_answers ANTI JOIN answers USING (answer_id);
