-- Drops one partition whose whole range lies before `expired_before`, if there is one: true when it did. A partition with
-- rows that the checkpoint may not have yet, because they were received since its watermark, stays for the time being.
CREATE FUNCTION drop_expired_device_status_partition(expired_before timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    partition regclass;
    unsaved boolean;
BEGIN
    FOR partition IN
        SELECT child.oid::regclass
        FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
        WHERE inhparent = 'device_status'::regclass
          AND substring(pg_get_expr(child.relpartbound, child.oid) FROM 'TO \(''([^'']+)''\)')::timestamptz
              <= expired_before
        ORDER BY child.relname
    LOOP
        EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', partition);
        EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE created_at >= '
                       'coalesce((SELECT watermark FROM checkpoint), ''-infinity''))', partition) INTO unsaved;
        IF NOT unsaved THEN
            EXECUTE format('DROP TABLE %s', partition);
            RETURN true;
        END IF;
    END LOOP;
    RETURN false;
END
$$;
