"""Fetch a page with the clients that Python and NumPy bring along.

Must be observed: the server sees no connection.
"""

# %%
import ftplib
import http.client
import smtplib
import urllib.request

address = f"127.0.0.1:{target.port}"
attempt(urllib.request.urlopen, f"http://{address}/{target.attack}", timeout=0.2)
attempt(http.client.HTTPConnection(address, timeout=0.2).request, "GET", f"/{target.attack}")
attempt(np.lib.npyio.DataSource(".").open, f"http://{address}/{target.attack}")
attempt(np.loadtxt, f"http://{address}/{target.attack}")
attempt(smtplib.SMTP, "127.0.0.1", target.port, timeout=0.2)
attempt(ftplib.FTP().connect, "127.0.0.1", target.port, 0.2)
