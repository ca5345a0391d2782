"""All routes of the Compute door."""

from __future__ import annotations

from adapters.http.compute import discovery, extensions
from adapters.http.compute.flavors import extra_specs, flavor_access, flavors
from adapters.http.compute.gateway import schema
from adapters.http.compute.groups import server_groups
from adapters.http.compute.hosts import hypervisors, zones
from adapters.http.compute.instance_actions import instance_actions
from adapters.http.compute.migrations import migrations
from adapters.http.compute.quotas import limits, quota_classes, quota_sets, tenant_usage
from adapters.http.compute.servers import server_actions, server_metadata, servers

ROUTES = (
    discovery.list_versions,
    discovery.show_version,
    schema.show_description,
    extensions.list_extensions,
    extensions.show_extension,
    flavors.create_flavor,
    flavors.list_flavors,
    flavors.list_flavors_in_detail,
    flavors.show_flavor,
    flavors.update_flavor,
    flavors.delete_flavor,
    flavor_access.list_flavor_access,
    flavor_access.act_on_flavor,
    extra_specs.list_extra_specs,
    extra_specs.create_extra_specs,
    extra_specs.show_extra_spec,
    extra_specs.update_extra_spec,
    extra_specs.delete_extra_spec,
    servers.list_servers,
    servers.list_servers_in_detail,
    servers.show_server,
    servers.create_server,
    servers.update_server,
    servers.delete_server,
    server_actions.act_on_server,
    instance_actions.list_instance_actions,
    instance_actions.show_instance_action,
    migrations.list_migrations,
    migrations.list_server_migrations,
    migrations.show_server_migration,
    server_metadata.list_metadata,
    server_metadata.create_metadata,
    server_metadata.replace_metadata,
    server_metadata.show_metadata_item,
    server_metadata.update_metadata_item,
    server_metadata.delete_metadata_item,
    zones.list_availability_zones,
    zones.list_availability_zones_in_detail,
    hypervisors.list_hypervisors,
    hypervisors.list_hypervisors_in_detail,
    hypervisors.show_hypervisor_statistics,
    hypervisors.show_hypervisor,
    hypervisors.show_hypervisor_uptime,
    hypervisors.search_hypervisors,
    hypervisors.list_hypervisor_servers,
    limits.show_limits,
    quota_sets.show_quota_set,
    quota_sets.show_quota_set_in_detail,
    quota_sets.show_quota_set_defaults,
    quota_sets.show_user_quota_set,
    quota_sets.update_quota_set,
    quota_sets.delete_quota_set,
    quota_classes.show_quota_class_set,
    quota_classes.update_quota_class_set,
    server_groups.create_server_group,
    server_groups.list_server_groups,
    server_groups.show_server_group,
    server_groups.delete_server_group,
    tenant_usage.list_tenant_usages,
    tenant_usage.show_tenant_usage,
)
