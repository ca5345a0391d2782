#!/bin/busybox sh
# The only program of the demo's guest: brings plugged vCPUs online, as a distribution's udev rule
# does, and answers commands on the serial line.
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
while read -r module; do insmod "/modules/$module.ko" 2>/dev/null; done < /modules/order

if [ -x /bin/qemu-ga ]; then
  for port in /sys/class/virtio-ports/*; do
    [ "$(cat "$port/name" 2>/dev/null)" = org.qemu.guest_agent.0 ] || continue
    mkdir -p /var/run
    qemu-ga -m virtio-serial -p "/dev/${port##*/}" -t /run >/dev/null 2>&1 &
  done
fi

if [ -e /dev/input/event0 ]; then
  mkdir -p /etc/acpi/PWRF
  printf '#!/bin/sh\npoweroff -f\n' > /etc/acpi/PWRF/00000080
  chmod +x /etc/acpi/PWRF/00000080
  acpid -l /dev/null -p /run/acpid.pid # its power button is heard
fi

if grep -q autocpu /proc/cmdline; then
  while :; do
    for cpu in /sys/devices/system/cpu/cpu*/online; do
      [ "$(cat "$cpu")" = 0 ] && echo 1 > "$cpu"
    done
    sleep 0.2
  done 2>/dev/null & # a guest with one vCPU has no such file
fi

dmesg -n 1 # the kernel's own messages would mix with the answers
stty -echo < /dev/ttyS0
# A line is a token and a command; the answer stands between <token and token>status.
while read -r token command; do
  echo "<$token"
  eval "$command" 2>&1
  echo "$token>$?"
done < /dev/ttyS0
