#include "support/cutting_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <set>
#include <sstream>
#include <system_error>

namespace ubiety::test {
namespace {

constexpr int poll_milliseconds = 20;  // the longest wait of a stop

// The codes that a client may send before its first message; see "Message Formats" in PostgreSQL's manual.
constexpr std::uint32_t ssl_request = 80877103, gss_request = 80877104;

void check(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

std::uint32_t number_at(std::string_view bytes, std::size_t position) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8 | static_cast<unsigned char>(bytes[position + i]);
  return number;
}

bool send_all(const FileDescriptor& socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void set_no_delay(const FileDescriptor& socket) {
  const int yes = 1;
  ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

}  // namespace

std::ostream& operator<<(std::ostream& out, Cut cut) {
  switch (cut) {
    case Cut::in_data: return out << "in_data";
    case Cut::before_commit: return out << "before_commit";
    case Cut::after_commit: return out << "after_commit";
  }
  return out;
}

// A connection of the service and its counterpart to the server. Forwards received bytes message by message. Its
// functions return false if the connection was cut or has ended.
class CuttingProxy::Link {
 public:
  Link(CuttingProxy& proxy, FileDescriptor client, FileDescriptor server)
      : proxy_(proxy), client_(std::move(client)), server_(std::move(server)) {}

  const FileDescriptor& socket(bool of_client) const { return of_client ? client_ : server_; }
  bool is_open() const { return is_open_; }
  void close() { is_open_ = false; }

  void take(bool from_client, std::string_view bytes) {
    auto& buffer = from_client ? from_client_ : from_server_;
    buffer.append(bytes);
    std::size_t position = 0;
    while (is_open_) {
      const std::size_t head = from_client && !is_started_ ? 0 : 1;  // the first message has no type
      const auto rest = std::string_view(buffer).substr(position);
      if (rest.size() < head + 4) break;
      const std::size_t size = head + number_at(rest, head);
      if (rest.size() < size) break;
      const auto message = rest.substr(0, size);
      is_open_ = from_client ? from_client_to_server(message) : from_server_to_client(message);
      position += size;
    }
    buffer.erase(0, position);
  }

 private:
  bool from_client_to_server(std::string_view message) {
    if (!is_started_) return start(message);
    const char type = message.front();
    if (type == 'Q') statement_ = statement_of(message.substr(5));
    if (type == 'P') note_parsed(message);
    if (type == 'B') statement_ = appends_.contains(statement_bound_by(message)) ? "append" : "other";
    const bool is_append = statement_ == "append" && !is_in_transaction_;
    const bool has_data = type == 'd' || (type == 'B' && is_append);
    if (has_data && proxy_.is_moment(Cut::in_data, statement_)) {
      send_all(server_,
               message.substr(0, std::uniform_int_distribution<std::size_t>(1, message.size())(proxy_.random_)));
      return cut();
    }
    const bool commits = (type == 'Q' && statement_ == "COMMIT") || (type == 'S' && is_append);
    if (commits && proxy_.is_moment(Cut::before_commit, statement_)) return cut();
    // Decided before the commit is sent, so that the server's next answer is the one to that commit.
    cuts_at_answer_ = commits && proxy_.is_moment(Cut::after_commit, statement_);
    return send_all(server_, message);
  }

  bool start(std::string_view message) {
    const auto code = message.size() >= 8 ? number_at(message, 4) : 0;
    if (code == ssl_request || code == gss_request) return send_all(client_, "N");
    is_started_ = true;
    return send_all(server_, message);
  }

  bool from_server_to_client(std::string_view message) {
    const char type = message.front();
    if (cuts_at_answer_ && type == 'C') return cut();
    if (type == 'E') cuts_at_answer_ = false;  // the statement failed
    if (type == 'Z') is_in_transaction_ = message.back() != 'I';
    return send_all(client_, message);
  }

  // The service sees either an end or a reset.
  bool cut() {
    if (std::uniform_int_distribution<>(0, 1)(proxy_.random_) == 0) {
      const linger at_once{1, 0};
      ::setsockopt(client_.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    if (proxy_.ending_ == Ending::service_only) proxy_.abandoned_.push_back(std::move(server_));
    return false;
  }

  static std::string_view statement_of(std::string_view query) {
    for (const std::string_view statement : {"COPY", "COMMIT"})
      if (const auto begin = query.find_first_not_of(" \n");
          begin != query.npos && query.substr(begin).starts_with(statement))
        return statement;
    return "other";
  }

  // Parse: the statement's name, which may be empty, and its text.
  void note_parsed(std::string_view message) {
    const std::string name(text_at(message, 5));
    statement_ = "other";
    if (message.find("INSERT INTO update_log") == message.npos)
      appends_.erase(name);
    else
      appends_.insert(name);
  }

  // Bind: the portal's name, and the statement's.
  static std::string statement_bound_by(std::string_view message) {
    return std::string(text_at(message, 6 + text_at(message, 5).size()));
  }

  static std::string_view text_at(std::string_view message, std::size_t begin) {
    const auto text = message.substr(begin);
    return text.substr(0, text.find('\0'));
  }

  CuttingProxy& proxy_;
  FileDescriptor client_, server_;
  std::string from_client_, from_server_;  // bytes that are not forwarded yet
  std::string_view statement_;
  std::set<std::string> appends_;  // the statements that are prepared to append
  bool is_open_ = true, is_started_ = false, is_in_transaction_ = false, cuts_at_answer_ = false;
};

CuttingProxy::CuttingProxy(int server_port, std::uint32_t seed)
    : server_port_(server_port), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), random_(seed) {
  check(listener_.number(), "socket");
  auto address = loopback(0);
  socklen_t size = sizeof address;
  check(::bind(listener_.number(), reinterpret_cast<sockaddr*>(&address), size), "bind");
  check(::listen(listener_.number(), 64), "listen");
  check(::getsockname(listener_.number(), reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

CuttingProxy::~CuttingProxy() {
  is_stopping_ = true;
  thread_.join();
}

std::string CuttingProxy::url(std::string_view user, std::string_view database) const {
  std::ostringstream url;
  url << "postgresql://" << user << "@127.0.0.1:" << port_ << "/" << database;
  return url.str();
}

void CuttingProxy::arm(Cut cut, unsigned skipped, Ending ending, std::string of) {
  const std::lock_guard lock(mutex_);
  armed_ = Armed{cut, skipped, ending, std::move(of)};
}

std::map<std::string, std::size_t> CuttingProxy::cuts_by_moment() const {
  const std::lock_guard lock(mutex_);
  return cuts_by_moment_;
}

bool CuttingProxy::is_moment(Cut cut, std::string_view of) {
  const std::lock_guard lock(mutex_);
  if (!armed_ || armed_->cut != cut || (!armed_->of.empty() && armed_->of != of)) return false;
  if (armed_->skipped > 0) {
    --armed_->skipped;
    return false;
  }
  ending_ = armed_->ending;
  armed_.reset();
  std::ostringstream moment;
  moment << cut << " of " << of;
  ++cuts_by_moment_[moment.str()];
  ++cuts_;
  return true;
}

void CuttingProxy::run() {
  while (!is_stopping_) {
    std::vector<pollfd> polled{{listener_.number(), POLLIN, 0}};
    for (const auto& link : links_)
      for (const bool is_client : {true, false}) polled.push_back({link->socket(is_client).number(), POLLIN, 0});
    if (::poll(polled.data(), polled.size(), poll_milliseconds) <= 0) continue;
    for (std::size_t i = 1; i < polled.size(); ++i) {
      auto& link = *links_[(i - 1) / 2];
      if (polled[i].revents != 0 && link.is_open()) take_from(link, i % 2 == 1);
    }
    std::erase_if(links_, [](const auto& link) { return !link->is_open(); });
    if (polled[0].revents != 0) accept_one();
  }
}

void CuttingProxy::accept_one() {
  FileDescriptor client(::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC));
  FileDescriptor server(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto address = loopback(server_port_);
  if (client.number() < 0 || server.number() < 0 ||
      ::connect(server.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return;
  set_no_delay(client);
  set_no_delay(server);
  links_.push_back(std::make_unique<Link>(*this, std::move(client), std::move(server)));
}

void CuttingProxy::take_from(Link& link, bool is_client) {
  std::array<char, 64 * 1024> buffer;
  const auto size = ::recv(link.socket(is_client).number(), buffer.data(), buffer.size(), 0);
  if (size < 0 && errno == EINTR) return;
  if (size <= 0) return link.close();
  link.take(is_client, {buffer.data(), static_cast<std::size_t>(size)});
}

}  // namespace ubiety::test
